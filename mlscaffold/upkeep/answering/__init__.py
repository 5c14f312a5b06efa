"""From facts to answers: what each question of the template comes to in a repository that is there."""
