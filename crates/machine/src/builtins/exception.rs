//! Exceptions: construction, `args`, chaining, notes, groups, and the attributes of single classes.

use crate::class::Type;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, vec::Vec};

const fn getter(name: &'static str, code: crate::native::NativeFn) -> NativeRow {
    NativeRow { owner: "BaseException", name, code, bind: Bind::Getter }
}

/// Natives of exceptions.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "BaseException", name: "__new__", code: new, bind: Bind::Static },
    NativeRow { owner: "BaseException", name: "__init__", code: init, bind: Bind::Method },
    NativeRow { owner: "BaseException", name: "with_traceback", code: with_traceback, bind: Bind::Method },
    NativeRow { owner: "BaseException", name: "add_note", code: add_note, bind: Bind::Method },
    getter("args", args_of),
    getter("__cause__", cause),
    getter("__context__", context),
    getter("__suppress_context__", suppress),
    getter("__traceback__", traceback),
    NativeRow { owner: "StopIteration", name: "value", code: stop_value, bind: Bind::Getter },
    NativeRow { owner: "SystemExit", name: "code", code: stop_value, bind: Bind::Getter },
    NativeRow { owner: "BaseExceptionGroup", name: "exceptions", code: members, bind: Bind::Getter },
    NativeRow { owner: "BaseExceptionGroup", name: "message", code: message, bind: Bind::Getter },
    NativeRow { owner: "OSError", name: "errno", code: first_of_two, bind: Bind::Getter },
    NativeRow { owner: "OSError", name: "strerror", code: second_of_two, bind: Bind::Getter },
    NativeRow { owner: "OSError", name: "filename", code: file_name, bind: Bind::Getter },
    NativeRow { owner: "OSError", name: "filename2", code: second_file_name, bind: Bind::Getter },
    NativeRow { owner: "SyntaxError", name: "msg", code: message, bind: Bind::Getter },
    NativeRow { owner: "SyntaxError", name: "lineno", code: syntax_line, bind: Bind::Getter },
    NativeRow { owner: "SyntaxError", name: "offset", code: syntax_column, bind: Bind::Getter },
    NativeRow { owner: "SyntaxError", name: "text", code: syntax_text, bind: Bind::Getter },
    NativeRow { owner: "UnicodeDecodeError", name: "encoding", code: |m, args| unicode_part(m, args, "encoding", 0, 5), bind: Bind::Getter },
    NativeRow { owner: "UnicodeDecodeError", name: "object", code: |m, args| unicode_part(m, args, "object", 1, 5), bind: Bind::Getter },
    NativeRow { owner: "UnicodeDecodeError", name: "start", code: |m, args| unicode_part(m, args, "start", 2, 5), bind: Bind::Getter },
    NativeRow { owner: "UnicodeDecodeError", name: "end", code: |m, args| unicode_part(m, args, "end", 3, 5), bind: Bind::Getter },
    NativeRow { owner: "UnicodeDecodeError", name: "reason", code: |m, args| unicode_part(m, args, "reason", 4, 5), bind: Bind::Getter },
    NativeRow { owner: "UnicodeEncodeError", name: "encoding", code: |m, args| unicode_part(m, args, "encoding", 0, 5), bind: Bind::Getter },
    NativeRow { owner: "UnicodeEncodeError", name: "object", code: |m, args| unicode_part(m, args, "object", 1, 5), bind: Bind::Getter },
    NativeRow { owner: "UnicodeEncodeError", name: "start", code: |m, args| unicode_part(m, args, "start", 2, 5), bind: Bind::Getter },
    NativeRow { owner: "UnicodeEncodeError", name: "end", code: |m, args| unicode_part(m, args, "end", 3, 5), bind: Bind::Getter },
    NativeRow { owner: "UnicodeEncodeError", name: "reason", code: |m, args| unicode_part(m, args, "reason", 4, 5), bind: Bind::Getter },
    NativeRow { owner: "UnicodeTranslateError", name: "object", code: |m, args| unicode_part(m, args, "object", 0, 4), bind: Bind::Getter },
    NativeRow { owner: "UnicodeTranslateError", name: "start", code: |m, args| unicode_part(m, args, "start", 1, 4), bind: Bind::Getter },
    NativeRow { owner: "UnicodeTranslateError", name: "end", code: |m, args| unicode_part(m, args, "end", 2, 4), bind: Bind::Getter },
    NativeRow { owner: "UnicodeTranslateError", name: "reason", code: |m, args| unicode_part(m, args, "reason", 3, 4), bind: Bind::Getter },
    NativeRow { owner: "SyntaxError", name: "filename", code: syntax_file, bind: Bind::Getter },
    NativeRow { owner: "SyntaxError", name: "end_lineno", code: syntax_end_line, bind: Bind::Getter },
    NativeRow { owner: "SyntaxError", name: "end_offset", code: syntax_end_column, bind: Bind::Getter },
    NativeRow { owner: "SyntaxError", name: "print_file_and_line", code: |m, args| kept(m, args, "print_file_and_line"), bind: Bind::Getter },
    NativeRow { owner: "ImportError", name: "msg", code: message, bind: Bind::Getter },
    NativeRow { owner: "ImportError", name: "name", code: |m, args| kept(m, args, "name"), bind: Bind::Getter },
    NativeRow { owner: "ImportError", name: "path", code: |m, args| kept(m, args, "path"), bind: Bind::Getter },
    NativeRow { owner: "ImportError", name: "name_from", code: |m, args| kept(m, args, "name_from"), bind: Bind::Getter },
    NativeRow { owner: "NameError", name: "name", code: |m, args| kept(m, args, "name"), bind: Bind::Getter },
    NativeRow { owner: "AttributeError", name: "name", code: |m, args| kept(m, args, "name"), bind: Bind::Getter },
    NativeRow { owner: "AttributeError", name: "obj", code: |m, args| kept(m, args, "obj"), bind: Bind::Getter },
    NativeRow { owner: "BaseExceptionGroup", name: "split", code: |m, args| in_python(m, args, "__group_split__"), bind: Bind::Method },
    NativeRow { owner: "BaseExceptionGroup", name: "subgroup", code: |m, args| in_python(m, args, "__group_subgroup__"), bind: Bind::Method },
    NativeRow { owner: "BaseExceptionGroup", name: "derive", code: |m, args| in_python(m, args, "__group_derive__"), bind: Bind::Method },
    NativeRow { owner: "BaseException", name: "__setstate__", code: |m, args| in_python(m, args, "__set_exception_state__"), bind: Bind::Method },
];

/// Classes whose constructors take keywords, and which.
const KEPT: [(Type, &[&str]); 3] = [(Type::ImportError, &["name", "path", "name_from"]), (Type::NameError, &["name"]), (Type::AttributeError, &["name", "obj"])];

impl Machine {
    /// A new exception of a class from a call: some classes check their arguments.
    pub(crate) fn new_exception_checked(&mut self, class: Handle, args: &[Slot], keywords: usize, user_init: bool) -> Result<Value, Trap> {
        let group = self.is_subclass(class, Type::BaseExceptionGroup.handle());
        let syntax = self.is_subclass(class, Type::SyntaxError.handle());
        // These look into what they are given; all others only keep it.
        let forced: Vec<Slot>;
        let args = match group || syntax || class == Type::OSError.handle() {
            true => {
                forced = args.iter().map(|given| Ok(*self.force(*given)?)).collect::<Result<_, Trap>>()?;
                &forced[..]
            }
            false => args,
        };
        if keywords > 0 && !user_init && self.kept_names(class).is_empty() {
            let message = format!("{}() takes no keyword arguments", self.class_name(class));
            return Err(self.type_error(message));
        }
        if syntax && !user_init {
            self.check_syntax_details(args)?;
        }
        if group {
            return self.new_group(class, args);
        }
        Ok(self.new_exception(self.os_error_class(class, args), args))
    }

    /// Attributes that the constructor of an exception takes by keyword.
    fn kept_names(&self, class: Handle) -> &'static [&'static str] {
        KEPT.iter().find(|(of, _)| self.is_subclass(class, of.handle())).map_or(&[], |(_, names)| names)
    }

    /// The second argument of a SyntaxError: file, line, column and text, and where it ends.
    fn check_syntax_details(&mut self, args: &[Slot]) -> Result<(), Trap> {
        let [_, details] = args else { return Ok(()) };
        let Some(details) = self.items_of(*details)? else { return Ok(()) };
        match details.len() {
            4 | 6 => Ok(()),
            5 => Err(self.type_error("end_offset must be provided when end_lineno is provided")),
            few if few < 4 => Err(self.type_error(format!("function takes at least 4 arguments ({few} given)"))),
            many => Err(self.type_error(format!("function takes at most 6 arguments ({many} given)"))),
        }
    }

    /// Take the keywords that an exception's class knows; what is not given is None.
    pub(crate) fn keep_keywords(&mut self, exception: Value, keywords: Vec<(alloc::string::String, Slot)>) -> Result<(), Trap> {
        let class = self.class_of(*exception);
        let names = self.kept_names(class);
        if let Some((name, _)) = keywords.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            let native = KEPT.iter().find(|(of, _)| self.is_subclass(class, of.handle())).map_or(class, |(of, _)| of.handle());
            let message = match names {
                [] => format!("{}() takes no keyword arguments", self.class_name(class)),
                _ => format!("'{name}' is an invalid keyword argument for {}()", self.class_name(native)),
            };
            return Err(self.type_error(message));
        }
        for name in names {
            let given = keywords.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
            let key = self.intern(name);
            match given {
                Some(value) => self.store_in_dict(exception.handle(), key, value),
                None if self.lookup_in_dict(exception.handle(), key).is_some() => self.store_in_dict(exception.handle(), key, Slot::NONE),
                None => {}
            }
        }
        Ok(())
    }

    /// `OSError(2, "…")` is a FileNotFoundError.
    fn os_error_class(&self, class: Handle, args: &[Slot]) -> Handle {
        if class != Type::OSError.handle() || args.len() < 2 || args[0].kind != Kind::Int {
            return class;
        }
        match args[0].as_int() {
            1 | 13 => Type::PermissionError,
            2 => Type::FileNotFoundError,
            4 => Type::InterruptedError,
            3 => Type::ProcessLookupError,
            10 => Type::ChildProcessError,
            11 => Type::BlockingIOError,
            17 => Type::FileExistsError,
            20 => Type::NotADirectoryError,
            21 => Type::IsADirectoryError,
            32 => Type::BrokenPipeError,
            104 => Type::ConnectionResetError,
            110 => Type::TimeoutError,
            111 => Type::ConnectionRefusedError,
            _ => Type::OSError,
        }
        .handle()
    }

    fn new_group(&mut self, class: Handle, args: &[Slot]) -> Result<Value, Trap> {
        if args.len() != 2 {
            let message = format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)", args.len());
            return Err(self.type_error(message));
        }
        if self.text_of(args[0]).is_none() {
            let message = format!("argument 1 must be str, not {}", self.type_name(args[0]));
            return Err(self.type_error(message));
        }
        let Some(members) = self.items_of(args[1])? else { return Err(self.type_error("second argument (exceptions) must be a sequence")) };
        if members.is_empty() {
            return Err(self.value_error("second argument (exceptions) must be a non-empty sequence"));
        }
        let mut all_plain = true;
        for (index, member) in members.iter().enumerate() {
            let member = &*self.force(*member)?;
            if !self.is_instance(*member, Type::BaseException) {
                let message = format!("Item {index} of second argument (exceptions) is not an exception");
                return Err(self.value_error(message));
            }
            all_plain &= self.is_instance(*member, Type::Exception);
        }
        let class = if class == Type::BaseExceptionGroup.handle() && all_plain { Type::ExceptionGroup.handle() } else { class };
        if class == Type::ExceptionGroup.handle() && !all_plain {
            return Err(self.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
        }
        // The arguments show what was given; the members are a tuple in any case.
        let given = if args[1].kind == Kind::Tuple { *self.new_tuple(members)? } else { *self.new_list(members)? };
        Ok(self.new_exception(class, &[args[0], given]))
    }
}

/// Set an attribute that is kept in the exception's state; false for any other.
pub fn set(m: &mut Machine, exception: Value, name: &str, value: Slot) -> Result<bool, Trap> {
    let state = m.exception_state(exception);
    let fits = value.kind == Kind::None || m.is_instance(value, Type::BaseException);
    match name {
        "args" => {
            let Some(items) = m.items_of(value)? else {
                let message = format!("'{}' object is not iterable", m.type_name(value));
                return Err(m.type_error(message));
            };
            let tuple = *m.new_tuple(items)?;
            m.heap.exceptions.get_mut(state).args = tuple;
        }
        "__cause__" | "__context__" if !fits => {
            let message = format!("exception {} must be None or derive from BaseException", name.trim_matches('_'));
            return Err(m.type_error(message));
        }
        "__cause__" => {
            let object = m.heap.exceptions.get_mut(state);
            object.cause = value;
            object.suppress = true;
        }
        "__context__" => m.heap.exceptions.get_mut(state).context = value,
        "__suppress_context__" => {
            let truth = m.truth(value)?;
            m.heap.exceptions.get_mut(state).suppress = truth;
        }
        "__traceback__" if !matches!(value.kind, Kind::Traceback | Kind::None) => return Err(m.type_error("__traceback__ must be a traceback or None")),
        "__traceback__" => {
            let entries = if value.kind == Kind::Traceback { m.heap.tracebacks.get(value.handle()).clone() } else { Vec::new() };
            m.heap.exceptions.get_mut(state).traceback = entries;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn new(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let class = m.arg(args, 0)?;
    let rest: Vec<Slot> = m.stack[args.first + 1..args.first + args.count].to_vec();
    m.new_exception_checked(class.handle(), &rest, 0, true)
}

/// `BaseException.__init__`: the arguments become `args`.
fn init(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let this = m.arg(args, 0)?;
    let rest: Vec<Slot> = m.stack[args.first + 1..args.first + args.count].to_vec();
    let tuple = *m.new_tuple(rest)?;
    let state = m.exception_state(this);
    m.heap.exceptions.get_mut(state).args = tuple;
    let keywords = m.keywords(args);
    m.keep_keywords(this, keywords)?;
    Ok(Value::NONE)
}

fn with_traceback(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "with_traceback", 1, 1, 1)?;
    let (this, traceback) = (m.arg(args, 0)?, m.arg(args, 1)?);
    set(m, this, "__traceback__", *traceback)?;
    Ok(this)
}

fn add_note(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "BaseException.add_note", 1, 1, 1)?;
    let (this, note) = (m.arg(args, 0)?, m.arg(args, 1)?);
    if m.text_of(*note).is_none() {
        let message = format!("note must be a str, not '{}'", m.type_name(*note));
        return Err(m.type_error(message));
    }
    match m.lookup_in_dict(this.handle(), m.names.notes) {
        Some(list) if list.kind == Kind::List => m.list_push(list.handle(), *note)?,
        Some(_) => return Err(m.type_error("Cannot add note: __notes__ is not a list")),
        None => {
            let list = *m.new_list(alloc::vec![*note])?;
            m.store_in_dict(this.handle(), m.names.notes, list);
        }
    }
    Ok(Value::NONE)
}

fn state_of(m: &Machine, args: &Args) -> Result<Handle, Trap> {
    m.arg(args, 0).map(|this| m.exception_state(this))
}

fn args_of(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let state = state_of(m, args)?;
    let all = m.heap.exceptions.get(state).args;
    // File names are attributes, not arguments.
    if (3..=5).contains(&m.items(all).len()) && m.is_instance(*m.arg(args, 0)?, Type::OSError) {
        let two = m.items(all)[..2].to_vec();
        return m.new_tuple(two);
    }
    m.force(all)
}

fn file_name(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    os_error_detail(m, args, "filename", 2)
}

fn second_file_name(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    os_error_detail(m, args, "filename2", 4)
}

/// A file name of an `OSError`: the one that was set, or the argument.
fn os_error_detail(m: &mut Machine, args: &Args, name: &str, index: usize) -> Result<Value, Trap> {
    let this = *m.arg(args, 0)?;
    let name = m.intern(name);
    if let Some(set) = m.lookup_in_dict(this.handle(), name) {
        return m.force(set);
    }
    let state = state_of(m, args)?;
    let all = m.items(m.heap.exceptions.get(state).args);
    m.force(if (3..=5).contains(&all.len()) { all.get(index).copied().unwrap_or(Slot::NONE) } else { Slot::NONE })
}

fn cause(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let state = state_of(m, args)?;
    m.force(m.heap.exceptions.get(state).cause)
}

fn context(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let state = state_of(m, args)?;
    m.force(m.heap.exceptions.get(state).context)
}

fn suppress(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let state = state_of(m, args)?;
    Ok(Value::bool(m.heap.exceptions.get(state).suppress))
}

fn traceback(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let this = m.arg(args, 0)?;
    let state = m.exception_state(this);
    if m.heap.exceptions.get(state).traceback.is_empty() {
        return Ok(Value::NONE);
    }
    let (_, traceback) = m.exception_info(*this);
    m.force(traceback)
}

fn stop_value(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let this = m.arg(args, 0)?;
    m.force(m.stop_value(this))
}

fn argument(m: &Machine, args: &Args, index: usize, at_least: usize) -> Result<Value, Trap> {
    let state = state_of(m, args)?;
    let items = m.items(m.heap.exceptions.get(state).args);
    m.force(if items.len() >= at_least { items.get(index).copied().unwrap_or(Slot::NONE) } else { Slot::NONE })
}

fn message(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    argument(m, args, 0, 1)
}

fn members(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let given = argument(m, args, 1, 2)?;
    if given.kind != Kind::List {
        return Ok(given);
    }
    let items = m.items(*given).to_vec();
    m.new_tuple(items)
}

fn first_of_two(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    argument(m, args, 0, 2)
}

fn second_of_two(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    argument(m, args, 1, 2)
}

fn syntax_detail(m: &Machine, args: &Args, index: usize) -> Result<Value, Trap> {
    let details = argument(m, args, 1, 2)?;
    m.force(m.items(*details).get(index).copied().unwrap_or(Slot::NONE))
}

/// An attribute that is kept in the exception's dict once it is known; None before.
fn kept(m: &mut Machine, args: &Args, name: &str) -> Result<Value, Trap> {
    let (this, name) = (*m.arg(args, 0)?, m.intern(name));
    let found = m.lookup_in_dict(this.handle(), name).unwrap_or(Slot::NONE);
    m.force(found)
}

/// A part of a UnicodeError: the one that was set, or the argument.
fn unicode_part(m: &mut Machine, args: &Args, name: &str, index: usize, count: usize) -> Result<Value, Trap> {
    let set = kept(m, args, name)?;
    if set.is_none() { argument(m, args, index, count) } else { Ok(set) }
}

/// The hidden function does it, with the same arguments.
fn in_python(m: &mut Machine, args: &Args, name: &str) -> Result<Value, Trap> {
    let given: Vec<Slot> = m.stack[args.first..args.first + args.count].to_vec();
    Err(m.call_hidden(name, &given))
}

fn syntax_file(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    syntax_part(m, args, "filename", 0)
}

fn syntax_end_line(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    syntax_part(m, args, "end_lineno", 4)
}

fn syntax_end_column(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    syntax_part(m, args, "end_offset", 5)
}

/// The one that was set, or the detail.
fn syntax_part(m: &mut Machine, args: &Args, name: &str, index: usize) -> Result<Value, Trap> {
    let set = kept(m, args, name)?;
    if set.is_none() { syntax_detail(m, args, index) } else { Ok(set) }
}

fn syntax_line(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    syntax_part(m, args, "lineno", 1)
}

fn syntax_column(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    syntax_part(m, args, "offset", 2)
}

fn syntax_text(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    syntax_part(m, args, "text", 3)
}
