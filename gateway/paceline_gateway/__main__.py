"""`python -m paceline_gateway` is the command `paceline-gateway`."""

from paceline_gateway.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
