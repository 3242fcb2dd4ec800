"""Problems that the operator has to know about: noticed, stored, and sent once."""
