"""What SageMaker itself says: the shapes behind step properties, and which steps have which."""
