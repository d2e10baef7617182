"""``python -m cleannews`` is the command ``cleannews``."""

from cleannews.cli import main

if __name__ == "__main__":
    main()
