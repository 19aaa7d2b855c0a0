"""Users' JavaScript, run by QuickJS in processes that can do nothing else."""
