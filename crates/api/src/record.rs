//! One record: a person who does not exist.

use fake::Fake;
use fake::faker::address::en::{BuildingNumber, CityName, StateAbbr, StreetName, ZipCode};
use fake::faker::company::en::CompanyName;
use fake::faker::internet::en::SafeEmail;
use fake::faker::name::en::Name;
use paceline_core::Checksum;
use serde::{Deserialize, Serialize};

use crate::stream::{Stream, stream};

/// A person as the API holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The record's id, from 1.
    pub id: u64,
    /// How often it was stored, from 1.
    pub revision: u32,
    /// Given and family name.
    pub name: String,
    /// An address in a domain that is reserved for examples.
    pub email: String,
    /// Street, city, state and code.
    pub address: String,
    /// Year, month and day, as ISO 8601 writes them.
    pub birthday: String,
    /// Where the person works, once somebody has set it.
    pub company: Option<String>,
}

impl Record {
    /// Makes up the person with this `id`.
    #[must_use]
    pub fn made_up(seed: u64, id: u64) -> Self {
        let rng = &mut stream(seed, id, Stream::Person);
        let name = Name().fake_with_rng(rng);
        let email = SafeEmail().fake_with_rng(rng);
        let number: String = BuildingNumber().fake_with_rng(rng);
        let street: String = StreetName().fake_with_rng(rng);
        let city: String = CityName().fake_with_rng(rng);
        let state: String = StateAbbr().fake_with_rng(rng);
        let zip: String = ZipCode().fake_with_rng(rng);
        let year: u16 = (1940..=2005).fake_with_rng(rng);
        let month: u8 = (1..=12).fake_with_rng(rng);
        // Every month has 28 days, which spares a calendar.
        let day: u8 = (1..=28).fake_with_rng(rng);
        Self {
            id,
            revision: 1,
            name,
            email,
            address: format!("{number} {street}, {city}, {state} {zip}"),
            birthday: format!("{year:04}-{month:02}-{day:02}"),
            company: None,
        }
    }

    /// The checksum over every field.
    #[must_use]
    pub fn checksum(&self) -> Checksum {
        Checksum::of(&self.canonical())
    }

    /// The record as bytes, different for different records: numbers in little endian, texts behind
    /// their length, a missing company as 0 where a present one has 1.
    fn canonical(&self) -> Vec<u8> {
        // Taken apart so that a new field cannot be forgotten here.
        let Self { id, revision, name, email, address, birthday, company } = self;
        let mut bytes = Vec::with_capacity(256);
        bytes.extend(id.to_le_bytes());
        bytes.extend(revision.to_le_bytes());
        let mut text = |text: &str| {
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text.as_bytes());
        };
        for field in [name, email, address, birthday] {
            text(field);
        }
        if let Some(company) = company {
            text(company);
        }
        bytes.push(company.is_some().into());
        bytes
    }
}

/// The name of the company that record `id` is given.
#[must_use]
pub fn company_name(seed: u64, id: u64) -> String {
    CompanyName().fake_with_rng(&mut stream(seed, id, Stream::Company))
}

/// Whether record `id` gets a company name and a PUT: 17 of the first 50 do.
#[must_use]
pub fn is_updated(id: u64) -> bool {
    id % 3 == 1
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_made_up_person_is_complete() {
        let person = Record::made_up(1, 7);
        assert_eq!((person.id, person.revision, &person.company), (7, 1, &None));
        assert!(person.name.contains(' '));
        assert!(person.email.contains("@example."));
        assert!(person.address.contains(", "));
        assert_eq!(person.birthday.len(), "1987-03-12".len());
    }

    #[test]
    fn the_same_seed_makes_up_the_same_person_and_another_seed_another() {
        assert_eq!(Record::made_up(1, 7), Record::made_up(1, 7));
        assert_ne!(Record::made_up(1, 7), Record::made_up(2, 7));
        assert_ne!(Record::made_up(1, 7).name, Record::made_up(1, 8).name);
        assert_eq!(company_name(1, 7), company_name(1, 7));
    }

    #[test]
    fn every_field_enters_the_checksum() {
        let record = Record { company: Some("Acme".into()), ..Record::made_up(1, 1) };
        let text = || "other".to_owned();
        let changed = [
            record.clone(),
            Record { id: 2, ..record.clone() },
            Record { revision: 2, ..record.clone() },
            Record { name: text(), ..record.clone() },
            Record { email: text(), ..record.clone() },
            Record { address: text(), ..record.clone() },
            Record { birthday: text(), ..record.clone() },
            Record { company: None, ..record.clone() },
            Record { company: Some(String::new()), ..record },
        ];
        let checksums: HashSet<_> = changed.iter().map(Record::checksum).collect();
        assert_eq!(checksums.len(), changed.len());
    }

    #[test]
    fn text_cannot_move_from_one_field_to_the_next_unseen() {
        let record = Record::made_up(1, 1);
        let split = |name: &str, email: &str| {
            Record { name: name.into(), email: email.into(), ..record.clone() }.checksum()
        };
        assert_ne!(split("ab", "c"), split("a", "bc"));
    }
}
