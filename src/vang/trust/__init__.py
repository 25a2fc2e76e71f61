"""Who may let the loudspeakers speak: personal keys, the signed policy, the province's root."""
