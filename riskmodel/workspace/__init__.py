"""What is kept: sources, datasets, runs and scored files, in one private folder with one database."""
