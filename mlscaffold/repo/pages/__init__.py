"""What documents tell people: the README, cards, guides, licences, sites."""
