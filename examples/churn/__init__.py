"""A customer churn pipeline for SageMaker, assembled from step builders."""
