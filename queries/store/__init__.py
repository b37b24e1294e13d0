"""The store: encrypted, versioned files, and which of them is in use."""
