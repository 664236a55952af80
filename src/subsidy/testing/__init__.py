"""For test suites of systems that decide such subsidies: what they can hold their own code against."""
