-- What is emptied in time: found without looking at every row.
create index assessment_sealed on feedback.assessment (expires_at) where content is not null;
create index assessment_words on feedback.assessment (rated_at) where comment is not null;
