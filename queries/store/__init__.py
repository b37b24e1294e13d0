"""The store: encrypted, versioned files, and the pointer to the one in use."""
