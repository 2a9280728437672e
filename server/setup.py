"""The server's one extension module, in C by Python's stable interface; everything else is in pyproject.toml."""

from pathlib import Path

from setuptools import Extension, setup

CODE = Path("paceline_server/telemetry/coder")

setup(
    ext_modules=[
        Extension(
            "paceline_server.telemetry.native",
            sources=sorted(path.as_posix() for path in CODE.glob("*.c")),
            depends=sorted(path.as_posix() for path in CODE.glob("*.h")),
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
            # No contraction: factors that are fitted are the same on all machines. Pairs are faster one by one.
            extra_compile_args=[
                "-std=c11",
                "-O3",
                "-fno-tree-slp-vectorize",
                "-fvisibility=hidden",
                "-fno-math-errno",
                "-ffp-contract=off",
                "-Wall",
                "-Wextra",
            ],
            py_limited_api=True,
        )
    ]
)
