"""Groups of the Book's operations, each with the values it keeps."""
