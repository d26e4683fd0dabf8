"""The compiler: from a Model to its Program."""
