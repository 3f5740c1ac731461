"""What Verstak is made of: the locks, their licences, a bill of materials, and `make audit`."""
