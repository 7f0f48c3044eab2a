"""What ``python -m gradstudio`` runs: the command line."""

from gradstudio.cli import main

if __name__ == "__main__":
    main()
