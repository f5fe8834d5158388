"""THE ONLY SQL. SQLAlchemy describes schema, migrations and statements; the hot statements are
compiled once and run on the driver's connection, in one writer thread with group commit."""
