"""Central making: blanks, the queue of results to print, and handing out."""
