"""Many runs against servers that keep the docs, or deviate as PluralKit production does."""
