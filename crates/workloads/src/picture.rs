//! Pictures on disk: which there are, how large their headers say they are, and what is in them.
//!
//! A header is judged before its decoder runs. A file of a hundred bytes may claim 65,500 x 65,500 pixels. A
//! decoder then takes 12 GiB before it notices that the rest is missing. The decoder's own parser reads the
//! header, so estimate and decoder never disagree about it.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Seek};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use image::{ColorType, ImageDecoder as _, ImageReader};
use paceline_core::ItemError;
use paceline_inputs::{check_regular, open_regular, read_regular};
use zune_core::bytestream::{ZByteReaderTrait, ZCursor};
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

/// A file that its name calls a picture.
#[derive(Debug)]
pub(crate) struct PictureFile {
    path: PathBuf,
    /// Computed on first use. The children of a process pool never use it.
    claim: OnceLock<Claim>,
}

/// What can be known of a picture without decoding it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim {
    /// How long the file is; 0 when it cannot be opened.
    pub(crate) file_bytes: u64,
    /// `None` when it cannot be read.
    pub(crate) header: Option<Header>,
}

/// What the header of a picture claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// Pixels in a row.
    pub(crate) width: u32,
    /// Rows.
    pub(crate) height: u32,
    /// What the decoder holds at a time beside the file and the pixels as RGB, in bytes.
    scratch_bytes: u64,
}

/// A file in memory of which only the header was decoded.
pub(crate) struct Encoded<'a> {
    path: &'a Path,
    pub(crate) header: Header,
    content: Content,
}

enum Content {
    Jpeg(Box<JpegDecoder<ZCursor<Vec<u8>>>>),
    Other(Vec<u8>),
}

/// The pictures of a folder (`.jpg`, `.jpeg`, `.png`, in any case), in order of their names' bytes.
///
/// No file is opened. A file without a usable header stays in the list: its items fail with its name, and the
/// other files keep their places.
///
/// # Errors
///
/// When the folder cannot be read, or a pipe or a device has the name of a picture.
pub(crate) fn pictures_in(folder: &Path) -> io::Result<Vec<PictureFile>> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| is_named_as_picture(path) && !path.is_dir());
    paths.sort();
    paths.into_iter().map(PictureFile::new).collect()
}

impl PictureFile {
    fn new(path: PathBuf) -> io::Result<Self> {
        match check_regular(&path) {
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                Err(io::Error::new(error.kind(), format!("{}: {error}", path.display())))
            }
            // A link that leads nowhere fails its items.
            _ => Ok(Self { path, claim: OnceLock::new() }),
        }
    }

    /// Where the file is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What the file claims to be.
    pub(crate) fn claim(&self) -> Claim {
        *self.claim.get_or_init(|| {
            let Ok(file) = open_regular(&self.path) else {
                return Claim { file_bytes: 0, header: None };
            };
            let file_bytes = file.metadata().map_or(0, |metadata| metadata.len());
            Claim { file_bytes, header: Header::read(BufReader::new(file)).ok() }
        })
    }

    /// Reads the file and decodes its header. Its content decides the format, not its name.
    pub(crate) fn read(&self) -> Result<Encoded<'_>, ItemError> {
        let path = self.path();
        let file = read_regular(path).map_err(|error| because("read", path, &error))?;
        let (header, content) = if file.starts_with(JPEG_SIGNATURE) {
            let decoder =
                jpeg(ZCursor::new(file)).map_err(|error| because("decode", path, &error))?;
            (Header::of_jpeg(&decoder), Content::Jpeg(Box::new(decoder)))
        } else {
            let header = Header::read_other(ZCursor::new(&file));
            (header.map_err(|error| because("decode", path, &error))?, Content::Other(file))
        };
        Ok(Encoded { path, header, content })
    }
}

impl Encoded<'_> {
    /// Decodes the pixels: rows of RGB, three bytes a pixel, without padding.
    ///
    /// The file and what the decoder holds are gone on return.
    pub(crate) fn decode(self) -> Result<Vec<u8>, ItemError> {
        match self.content {
            Content::Jpeg(mut decoder) => {
                decoder.decode().map_err(|error| because("decode", self.path, &error))
            }
            Content::Other(file) => image::load_from_memory(&file)
                .map(|picture| picture.into_rgb8().into_raw())
                .map_err(|error| because("decode", self.path, &error)),
        }
    }
}

impl Header {
    /// Reads the header at the start of `file`, and no pixel.
    fn read(mut file: BufReader<File>) -> Result<Self, Box<dyn std::error::Error>> {
        if file.fill_buf()?.starts_with(JPEG_SIGNATURE) {
            Ok(Self::of_jpeg(&jpeg(file)?))
        } else {
            Ok(Self::read_other(file)?)
        }
    }

    /// The header that `decoder` has decoded.
    fn of_jpeg<T: ZByteReaderTrait>(decoder: &JpegDecoder<T>) -> Self {
        let info = decoder.info().unwrap_or_default();
        let mut header =
            Self { width: info.width.into(), height: info.height.into(), scratch_bytes: 0 };
        // A progressive picture has all its coefficients in memory, two bytes for each sample. No component has
        // more samples than there are pixels.
        if !info.sof.is_sequential_dct() {
            let sample_bytes = 2 * u64::from(info.components);
            header.scratch_bytes = header.pixels().saturating_mul(sample_bytes);
        }
        header
    }

    fn read_other(file: impl BufRead + Seek) -> image::ImageResult<Self> {
        let decoder = ImageReader::new(file).with_guessed_format()?.into_decoder()?;
        let (width, height) = decoder.dimensions();
        // RGB is decoded in place; any other colour stands beside the RGB that is made of it.
        let scratch_bytes = match decoder.color_type() {
            ColorType::Rgb8 => 0,
            _ => decoder.total_bytes(),
        };
        Ok(Self { width, height, scratch_bytes })
    }

    fn pixels(&self) -> u64 {
        u64::from(self.width).saturating_mul(self.height.into())
    }

    /// What the decoded pixels take as RGB, in bytes.
    pub(crate) fn rgb_bytes(&self) -> u64 {
        self.pixels().saturating_mul(3)
    }

    /// What decoding holds at a time beside the file, in bytes.
    pub(crate) fn decoding_bytes(&self) -> u64 {
        self.rgb_bytes().saturating_add(self.scratch_bytes)
    }
}

const JPEG_SIGNATURE: &[u8] = &[0xff, 0xd8, 0xff];

/// A decoder that has decoded the header of `file` and nothing else.
fn jpeg<T: ZByteReaderTrait>(file: T) -> Result<JpegDecoder<T>, DecodeErrors> {
    // Strict, since otherwise a truncated file passes for a whole one with a grey part, which decodes
    // faster than a picture. The format itself keeps either side below 65536, so no other limit is set.
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(file, options);
    decoder.decode_headers()?;
    Ok(decoder)
}

fn because(action: &str, path: &Path, error: &dyn std::fmt::Display) -> ItemError {
    ItemError::new(format_args!("{action} {}: {error}", path.display()))
}

fn is_named_as_picture(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let known = ["jpg", "jpeg", "png"];
    extension.is_some_and(|found| known.iter().any(|known| found.eq_ignore_ascii_case(known)))
}
