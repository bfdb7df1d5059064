"""The package of `xml.etree.ElementTree`."""
