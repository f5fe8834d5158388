"""THE MENU LANGUAGE: YAML -> step(). Pure: knows neither money nor channels; the account core is
a peer that answers its queries."""
