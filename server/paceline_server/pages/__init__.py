"""Server-rendered pages: they work without scripts; the scripts of static/dist make them move."""
