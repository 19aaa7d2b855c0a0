"""What the processes tell of themselves: metrics always, traces where somebody collects them."""
