"""The ground floor: the store and every definition.  Imports nothing of ours."""
