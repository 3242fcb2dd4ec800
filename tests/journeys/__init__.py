"""Journeys of people: their actions and the results that they see."""
