#!/bin/sh
# The password of the test target (boot.ts), for an ssh without a terminal.
echo rv
