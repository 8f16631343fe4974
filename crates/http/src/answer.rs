//! What an answer must be, the same for both forms.
//!
//! `ureq` and `hyper` differ in what they let pass: how long a head may be, what may stand beside the size
//! of a chunk, whether a body may end before its last line. A row would then be valid on threads and
//! invalid on a runtime. So the bytes of an answer pass by here before either library has them, and what
//! these rules let pass, both accept.
//!
//! The rules are those of [RFC 9112](https://www.rfc-editor.org/rfc/rfc9112) where it has any, and limits
//! within those of both libraries.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::Method;
use httparse::Status::{Complete, Partial};

use crate::chunks::{ChunkBreach, Chunks, MOST_FIELDS};

/// The longest head of an answer, in bytes, from its first to its empty line.
pub(crate) const HEAD_BYTES: usize = 32 * 1024;

/// The most informational answers (of status 1xx) that may come before the answer itself. Each is a head of
/// its own, so that without a limit a server could go on with them for as long as a request may take.
pub(crate) const INFORMATIONAL: u32 = 100;

/// The greatest length that a body may announce. `hyper` has a limit of its own near that of 64 bits.
const MOST_LENGTH: u64 = i64::MAX as u64;

/// One connection's answers, looked at as they come. Its clones look at the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch(Arc<Mutex<Answer>>);

/// Why an answer is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Breach {
    #[error("the answer is not HTTP/1.1: {0}")]
    NotHttp(httparse::Error),
    #[error("the head of the answer has more than {HEAD_BYTES} bytes")]
    HeadBytes,
    #[error("the head of the answer has more than {MOST_FIELDS} fields")]
    HeadFields,
    #[error("more than {INFORMATIONAL} informational answers came before the answer")]
    Informational,
    #[error("an informational answer of status 100 has fields")]
    FieldsOf100,
    #[error("the answer's Content-Length is not one number below 2^63")]
    Length,
    #[error("the answer has a transfer coding other than `chunked`")]
    Coding,
    #[error("the body of the answer {0}")]
    Chunks(#[from] ChunkBreach),
    #[error("the connection was closed without an answer")]
    NoAnswer,
    #[error("the connection was closed in the middle of the answer's {0}")]
    CutOff(&'static str),
}

/// How far an answer has come.
#[derive(Debug, Default)]
enum Answer {
    /// None is due. What comes now belongs to nobody, and has its connection left.
    #[default]
    None,
    /// A head, which is not whole.
    Head(Due),
    /// So many bytes of the body are missing.
    Length(u64),
    /// The body has chunks.
    Chunks(Chunks),
    /// The body ends when the connection does.
    UntilClose,
}

/// A head that is due.
#[derive(Debug, Default)]
struct Due {
    is_to_head: bool,
    /// How many informational answers have come before it.
    informational: u32,
    /// So much of it has come.
    seen: Vec<u8>,
}

impl Watch {
    /// An answer to a request of `method` is due.
    pub(crate) fn begin(&self, method: &Method) {
        *self.answer() = Answer::Head(Due { is_to_head: method == Method::HEAD, ..Due::default() });
    }

    /// Looks at the `bytes` that a read has brought. None at all are the end of the connection.
    ///
    /// # Errors
    ///
    /// A [`Breach`], if the answer breaks a rule.
    pub(crate) fn look_at(&self, bytes: &[u8]) -> io::Result<()> {
        let mut answer = self.answer();
        let looked = if bytes.is_empty() { answer.end() } else { answer.go_on(bytes) };
        looked.map_err(io::Error::other)
    }

    fn answer(&self) -> MutexGuard<'_, Answer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answer {
    fn go_on(&mut self, mut bytes: &[u8]) -> Result<(), Breach> {
        while !bytes.is_empty() {
            match self {
                Self::None | Self::UntilClose => return Ok(()),
                Self::Length(missing) => {
                    let taken = bytes.len().min(usize::try_from(*missing).unwrap_or(usize::MAX));
                    *missing -= taken as u64;
                    bytes = &bytes[taken..];
                    if *missing == 0 {
                        *self = Self::None;
                    }
                }
                Self::Chunks(chunks) => {
                    bytes = chunks.go_on(bytes)?;
                    if chunks.is_whole() {
                        *self = Self::None;
                    }
                }
                Self::Head(due) => match due.go_on(bytes)? {
                    Some((taken, next)) => {
                        bytes = &bytes[taken..];
                        *self = next;
                    }
                    None => return Ok(()),
                },
            }
        }
        Ok(())
    }

    fn end(&self) -> Result<(), Breach> {
        match self {
            Self::None | Self::UntilClose => Ok(()),
            Self::Head(due) if due.seen.is_empty() => Err(Breach::NoAnswer),
            Self::Head(_) => Err(Breach::CutOff("head")),
            Self::Length(_) | Self::Chunks(_) => Err(Breach::CutOff("body")),
        }
    }
}

impl Due {
    /// How many of `bytes` are the head's, and what comes after it; `None` while it is not whole.
    fn go_on(&mut self, bytes: &[u8]) -> Result<Option<(usize, Answer)>, Breach> {
        // A head nearly always comes in one piece, which is not copied then.
        let before = self.seen.len();
        let found = if before == 0 {
            self.head(bytes)?
        } else {
            self.seen.extend_from_slice(bytes);
            self.head(&self.seen)?
        };
        if found.is_none() && before == 0 {
            self.seen.extend_from_slice(bytes);
        }
        Ok(found.map(|(length, next)| (length - before, next)))
    }

    /// The length of the head that `bytes` begin with, and what comes after it.
    fn head(&self, bytes: &[u8]) -> Result<Option<(usize, Answer)>, Breach> {
        let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
        let mut head = httparse::Response::new(&mut fields);
        let length = match head.parse(bytes) {
            Ok(Complete(length)) if length <= HEAD_BYTES => length,
            Ok(Partial) if bytes.len() <= HEAD_BYTES => return Ok(None),
            Ok(_) => return Err(Breach::HeadBytes),
            Err(httparse::Error::TooManyHeaders) => return Err(Breach::HeadFields),
            Err(error) => return Err(Breach::NotHttp(error)),
        };
        Ok(Some((length, self.after(&head)?)))
    }

    fn after(&self, head: &httparse::Response<'_, '_>) -> Result<Answer, Breach> {
        Ok(match head.code.unwrap_or_default() {
            // `ureq` takes none with fields, although RFC 9110 lets them be.
            100 if !head.headers.is_empty() => return Err(Breach::FieldsOf100),
            100 | 102..200 if self.informational == INFORMATIONAL => {
                return Err(Breach::Informational);
            }
            100 | 102..200 => {
                // It has no body, and `ureq` reads what it says of one all the same.
                Body::of(head)?;
                let informational = self.informational + 1;
                Answer::Head(Self { is_to_head: self.is_to_head, informational, seen: Vec::new() })
            }
            code @ 200..300 => match Body::of(head)? {
                // Of these nothing but the head comes, whatever it says of a body.
                _ if self.is_to_head || code == 204 => Answer::None,
                Body::Chunked => Answer::Chunks(Chunks::default()),
                Body::Length(0) => Answer::None,
                Body::Length(length) => Answer::Length(length),
                Body::UntilClose => Answer::UntilClose,
            },
            // A failure, whose body nobody reads.
            _ => Answer::None,
        })
    }
}

/// What delimits a body.
enum Body {
    Chunked,
    Length(u64),
    UntilClose,
}

impl Body {
    fn of(head: &httparse::Response<'_, '_>) -> Result<Self, Breach> {
        let fields = |name: &'static str| {
            let is_it = move |field: &&httparse::Header<'_>| field.name.eq_ignore_ascii_case(name);
            head.headers.iter().filter(is_it).map(|field| field.value.trim_ascii())
        };
        let mut length = None;
        for value in fields("content-length").flat_map(|value| value.split(|byte| *byte == b',')) {
            let number = digits(value.trim_ascii()).ok_or(Breach::Length)?;
            if length.is_some_and(|length| length != number) {
                return Err(Breach::Length);
            }
            length = Some(number);
        }
        let mut codings = fields("transfer-encoding");
        match (codings.next(), codings.next()) {
            (None, _) => Ok(length.map_or(Self::UntilClose, Self::Length)),
            (Some(coding), None)
                if coding.eq_ignore_ascii_case(b"chunked") && head.version == Some(1) =>
            {
                Ok(Self::Chunked)
            }
            _ => Err(Breach::Coding),
        }
    }
}

fn digits(text: &[u8]) -> Option<u64> {
    let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let number = str::from_utf8(text).ok().filter(|_| is_number)?.parse().ok();
    number.filter(|number| *number <= MOST_LENGTH)
}
