enum CommandsSkeleton {}
