"""Markers stand right below text that is not ASCII."""

größe = {"höhe": 3}
print("naïve 日本", größe["breite"] + größe["höhe"])
