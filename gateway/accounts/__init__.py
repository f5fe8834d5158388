"""WHAT A SUBSCRIBER HAS. Pure: works on the `Book` it is given; time and randomness passed in."""
