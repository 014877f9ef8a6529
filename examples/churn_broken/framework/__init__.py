"""The framework under the builders."""
