"""What the user does: each handler makes one call to a service and gives back an `Answer`. It sends nothing itself."""
