//! Many names at once: which is the longest that a text begins with.

use rustc_hash::FxHashMap;

/// Names with what they stand for, found by their first two characters.
#[derive(Debug, Clone)]
pub struct Names<T> {
    by_start: FxHashMap<(char, char), Vec<(String, T)>>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Names {
            by_start: FxHashMap::default(),
        }
    }
}

impl<T> Names<T> {
    /// Returns the value of a name to change, first made by `T::default`;
    /// `None` for names shorter than two characters, which would be found everywhere.
    pub fn entry(&mut self, name: &str) -> Option<&mut T>
    where
        T: Default,
    {
        let bucket = self.by_start.entry(start(name)?).or_default();
        // Longest first, so that the first hit is the longest; equal lengths by name.
        let order = |other: &(String, T)| {
            (std::cmp::Reverse(other.0.len()), other.0.as_str())
                .cmp(&(std::cmp::Reverse(name.len()), name))
        };
        let place = match bucket.binary_search_by(order) {
            Ok(place) => place,
            Err(place) => {
                bucket.insert(place, (name.to_owned(), T::default()));
                place
            }
        };
        bucket.get_mut(place).map(|(_, value)| value)
    }

    /// Returns the longest name with which `text` begins, and its value.
    pub fn longest_at<'a>(&'a self, text: &str) -> Option<(&'a str, &'a T)> {
        self.all_at(text).next()
    }

    /// Returns every name with which `text` begins, longest first.
    pub fn all_at<'a, 't>(&'a self, text: &'t str) -> impl Iterator<Item = (&'a str, &'a T)> + 't
    where
        'a: 't,
    {
        start(text)
            .and_then(|start| self.by_start.get(&start))
            .into_iter()
            .flatten()
            .filter(move |(name, _)| text.starts_with(name.as_str()))
            .map(|(name, value)| (name.as_str(), value))
    }

    /// Returns the value of a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.all_at(name)
            .find(|(found, _)| found.len() == name.len())
            .map(|(_, value)| value)
    }
}

fn start(text: &str) -> Option<(char, char)> {
    let mut chars = text.chars();
    Some((chars.next()?, chars.next()?))
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn the_longest_name_wins() {
        let mut names = Names::<u8>::default();
        for (name, value) in [("江苏", 1), ("江苏省", 2), ("江西", 3)] {
            *names.entry(name).unwrap() = value;
        }
        let check = |text: &str, wanted: Option<(&str, u8)>| {
            let found = names.longest_at(text).map(|(name, value)| (name, *value));
            assert_eq!(found, wanted, "{text}");
        };
        check("江苏省南京市", Some(("江苏省", 2)));
        check("江苏发展", Some(("江苏", 1)));
        check("江", None);
        check("浙江省", None);
        assert!(names.entry("省").is_none());
        assert_eq!(names.get("江西"), Some(&3));
        assert_eq!(names.get("江西省"), None);
    }
}
