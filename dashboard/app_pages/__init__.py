"""The pages, a module each: `render` draws it, once it has said which page it is."""
