"""Personal data (152-ФЗ): who a person is in our tables, what is given out of him, how he is erased."""
