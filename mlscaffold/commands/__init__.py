"""One verb a file, one public function of its name: plain arguments in, exit code out."""
