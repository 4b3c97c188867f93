"""Electronic supervision (电子监察): signals by rule and clock, appeals, figures, reminders."""
