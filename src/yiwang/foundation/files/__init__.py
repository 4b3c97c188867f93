"""Content-addressed files: type sniffed, size limited, every download authorised and recorded."""
