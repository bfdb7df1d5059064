//! Imports: modules of the library, of natives, and names from them. Text that is
//! not part of the library is never looked for here.

use crate::class::Type;
use crate::machine::{Machine, Step};
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot};
use alloc::{format, string::{String, ToString}, vec::Vec};

/// Native packages whose absence deserves a sentence of its own.
const NATIVE_PACKAGES: [&str; 12] = ["numpy", "pandas", "scipy", "matplotlib", "sklearn", "torch", "tensorflow", "PIL", "cv2", "lxml", "requests", "sympy"];

/// Modules of CPython's library that are packages: what is missing in them is just not there.
const PACKAGES: [&str; 17] = [
    "asyncio", "collections", "concurrent", "concurrent.futures", "ctypes", "dbm", "email", "encodings", "html", "http", "importlib", "json",
    "logging", "multiprocessing", "unittest", "urllib", "xml",
];

impl Machine {
    /// Import: the module, or (inner Err) the name of a module that has to be loaded first.
    pub(crate) fn import(&mut self, name: Slot, from: Slot, level: Slot) -> Result<Result<Slot, String>, Trap> {
        let name: String = self.text_of(name).unwrap_or("").into();
        if level.as_int() > 0 {
            return Err(self.raise(Type::ImportError, "attempted relative import with no known parent package"));
        }
        let mut path = String::new();
        for part in name.split('.') {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(part);
            if self.loaded_module(&path).is_none() {
                if !self.can_load(&path) {
                    return Err(self.not_found(&path));
                }
                return Ok(Err(path));
            }
            if let Some((parent, child)) = path.rsplit_once('.') {
                self.link_submodule(parent, child, &path);
            }
        }
        let wanted = if from.kind == Kind::None { name.split('.').next().unwrap_or(&name).to_string() } else { name };
        Ok(Ok(self.loaded_module(&wanted).unwrap_or(Slot::NONE)))
    }

    fn link_submodule(&mut self, parent: &str, child: &str, path: &str) {
        let (Some(parent), Some(module)) = (self.loaded_module(parent), self.loaded_module(path)) else { return };
        let dict = self.heap.modules.get(parent.handle()).dict;
        let child = self.intern(child);
        self.store_in_dict(dict, child, module);
    }

    fn loaded_module(&mut self, name: &str) -> Option<Slot> {
        let name = self.intern(name);
        self.lookup_in_dict(self.modules, name)
    }

    fn can_load(&self, name: &str) -> bool {
        self.native_modules.contains_key(name) || self.library.module(name).is_some()
    }

    fn not_found(&mut self, name: &str) -> Trap {
        let mut message = format!("No module named '{name}'");
        if let Some((parent, _)) = name.rsplit_once('.') {
            if self.loaded_module(parent).is_some() && !PACKAGES.contains(&parent) {
                message.push_str(&format!("; '{parent}' is not a package"));
            }
        } else if NATIVE_PACKAGES.contains(&name) {
            message.push_str(" (not supported: native packages do not run on this machine)");
        }
        let trap = self.raise(Type::ModuleNotFoundError, message);
        if let Trap::Raise(exception) = &trap {
            let (key, value) = (self.intern("name"), self.intern_value(name));
            self.store_in_dict(exception.handle(), key, value);
        }
        trap
    }

    /// Load a module that `import` asked for: native ones at once, others by a frame for their body.
    pub(crate) fn load_module(&mut self, name: &str) -> Result<(), Step> {
        let handle = self.intern(name);
        let dict = self.new_module(handle);
        if let Some(rows) = self.native_modules.get(name).cloned() {
            self.fill_native_module(dict, name, &rows);
        }
        let Some(code) = self.library.clone().module(name) else { return Ok(()) };
        let file = if self.library.is_program(name) { code.file.to_string() } else { format!("<frozen {name}>") };
        let id = self.load_library(name, code);
        let (key, file) = (self.intern("__file__"), self.intern_value(&file));
        self.store_in_dict(dict, key, file);
        self.push_module(id, dict, Slot::object(Kind::Str, handle)).map_err(|_| Step::Limit(emulant_ask::Limit::Memory))
    }

    fn fill_native_module(&mut self, dict: Handle, module: &str, rows: &[u32]) {
        for &row in rows {
            let name = self.intern(self.shared.clone().natives[row as usize].name);
            self.store_in_dict(dict, name, Slot::object(Kind::Native, row));
        }
        for (owner, name, value) in crate::modules::constants(self) {
            if owner == module {
                let name = self.intern(name);
                self.store_in_dict(dict, name, value);
            }
        }
    }

    /// `from module import name`: an attribute, else a submodule.
    pub(crate) fn import_from(&mut self, module: Slot, name: Handle) -> Result<Result<Slot, String>, Trap> {
        if module.kind == Kind::Module {
            let object = self.heap.modules.get(module.handle()).clone();
            if let Some(found) = self.lookup_in_dict(object.dict, name) {
                return Ok(Ok(found));
            }
            let path = format!("{}.{}", self.heap.text(object.name), self.heap.text(name));
            if let Some(found) = self.loaded_module(&path) {
                return Ok(Ok(found));
            }
            if self.can_load(&path) {
                return Ok(Err(path));
            }
            if let Some(getattr) = self.lookup_in_dict(object.dict, self.names.getattr) {
                return Err(self.call_trap(getattr, alloc::vec![Slot::object(Kind::Str, name)], crate::trap::Adapt::Plain));
            }
            let message = format!("cannot import name '{}' from '{}' (unknown location)", self.heap.text(name), self.heap.text(object.name));
            let trap = self.raise(Type::ImportError, message);
            if let Trap::Raise(exception) = &trap {
                let (exception, key, from) = (exception.handle(), self.intern("name"), self.intern("name_from"));
                self.store_in_dict(exception, key, Slot::object(Kind::Str, object.name));
                self.store_in_dict(exception, from, Slot::object(Kind::Str, name));
            }
            return Err(trap);
        }
        let value = self.force(module)?;
        self.get_attribute(value, name).map(Ok)
    }

    /// `from module import *`
    pub(crate) fn import_star(&mut self, module: Slot, globals: Handle) -> Result<(), Trap> {
        if module.kind != Kind::Module {
            return Err(self.type_error("not supported: star import from this object"));
        }
        let dict = self.heap.modules.get(module.handle()).dict;
        let all = self.lookup_in_dict(dict, self.names.all).map(|a| self.items(a).to_vec());
        let entries: Vec<(Slot, Slot)> = self.heap.dicts.get(dict).iter().map(|e| (e.key, e.value)).collect();
        for (key, value) in entries {
            let Some(text) = self.text_of(key).map(String::from) else { continue };
            let wanted = match &all {
                Some(names) => names.iter().any(|n| self.text_of(*n) == Some(&text)),
                None => !text.starts_with('_'),
            };
            if wanted {
                let key = self.intern(&text);
                self.store_in_dict(globals, key, value);
            }
        }
        Ok(())
    }

}
