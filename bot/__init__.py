"""The machine: settings, storage, the Apiframe client, and how a picture comes to be."""
