"""What people type, turned into values, and the working calendar. Pure: no I/O and no clock."""
