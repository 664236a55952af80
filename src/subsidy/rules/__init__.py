"""The law as code: one short plain function for each rule, with its source. Parameters come from the policy."""
