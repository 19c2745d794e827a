"""The record of a briefing (打合せ記録): from its log to the department's own form."""
