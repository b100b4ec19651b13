"""How a pilot goes on under another version: what is declared, what becomes of it, and what speaks against it."""
