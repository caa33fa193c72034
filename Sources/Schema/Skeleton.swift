enum SchemaSkeleton {}
