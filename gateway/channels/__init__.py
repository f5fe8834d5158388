"""THE NETWORK: Twisted joins wire machines to sockets, and protocol events to turns."""
