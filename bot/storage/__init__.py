"""The only code that imports SQLAlchemy or obstore."""
