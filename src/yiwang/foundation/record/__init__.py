"""The record of every act: append, verify, seal."""
